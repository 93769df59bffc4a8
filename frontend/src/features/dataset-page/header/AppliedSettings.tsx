import { Alert, Button, Group, Text } from '@mantine/core';
import { counted } from '@/components/format';
import { STANDARD_SETTINGS } from '../sensitivity/useSensitivityDraft';
import { type ChangeView, STANDARD_SENSITIVITY, type View } from '../view';

/** Which settings differ from the standard: they explain why there are more or fewer anomalies. */
export function AppliedSettings({ view, changeView }: { view: View; changeView: ChangeView }) {
  const parts = [
    view.sensitivity !== STANDARD_SENSITIVITY && `sensitivity ${Math.round(view.sensitivity * 100)} of 100`,
    view.direction !== 'both' && (view.direction === 'up' ? 'rises only' : 'drops only'),
    view.minChange && `changes of at least ${view.minChange}`,
    view.country !== 'auto' &&
      (view.country === 'none' ? 'no public holidays' : `public holidays of ${view.country}`),
    view.events && counted(view.events.split(';').length, 'own event'),
  ].filter(Boolean);
  if (parts.length === 0) return null;
  return (
    <Alert variant="light" color="yellow" bg="var(--low-wash)" c="var(--ink)" p="xs">
      <Group justify="space-between" gap="sm">
        <Text size="sm">Custom settings: {parts.join(', ')}.</Text>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() =>
            changeView(
              { ...STANDARD_SETTINGS, country: 'auto', events: null, selected: null },
              { push: true },
            )
          }
        >
          Reset
        </Button>
      </Group>
    </Alert>
  );
}
