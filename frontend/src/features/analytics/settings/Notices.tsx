import { Alert, Button, Group, Text } from '@mantine/core';
import { type ChangeView, STANDARD_SENSITIVITY, type View } from '../view';

/** What differs from the standard is said, so that nobody wonders where the anomalies went. */
export function AppliedSettings({ view, changeView }: { view: View; changeView: ChangeView }) {
  const parts = [
    view.sensitivity !== STANDARD_SENSITIVITY && `sensitivity ${Math.round(view.sensitivity * 100)} of 100`,
    view.direction !== 'both' && (view.direction === 'up' ? 'rises only' : 'drops only'),
    view.minChange && `changes of at least ${view.minChange}`,
  ].filter(Boolean);
  if (parts.length === 0) return null;
  return (
    <Alert variant="light" color="yellow" bg="var(--low-wash)" c="var(--ink)" p="xs">
      <Group justify="space-between" gap="sm">
        <Text size="sm">Not the standard settings: {parts.join(', ')}.</Text>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() =>
            changeView(
              { sensitivity: STANDARD_SENSITIVITY, direction: 'both', minChange: null, selected: null },
              { push: true },
            )
          }
        >
          Back to standard
        </Button>
      </Group>
    </Alert>
  );
}
