import { Kbd, Modal, Stack, Switch, Table } from '@mantine/core';
import { labelOf } from '@/api/labels';
import { VERDICT_EFFECTS, VERDICTS } from '../labels';
import { useShortcutsSetting } from '../shortcuts';

const MOVES: readonly [string, string][] = [
  ['J', 'Next anomaly'],
  ['K', 'Previous anomaly'],
  ['Esc', 'Clear selection'],
  ['M', 'Report a missed anomaly'],
  ['X', 'Select the anomaly for a verdict on several'],
  ['+ −', 'Zoom in, zoom out'],
  ['0', 'Show the whole series'],
  ['?', 'Keyboard shortcuts'],
];

/** The keyboard shortcuts of a dataset's page, and whether single keys are on. */
export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const [on, setOn] = useShortcutsSetting();
  return (
    <Modal opened onClose={onClose} title="Keyboard shortcuts" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack gap="md">
        <Table aria-label="Keys" verticalSpacing={7} horizontalSpacing={6}>
          <Table.Tbody>
            {MOVES.map(([key, meaning]) => (
              <Entry key={key} name={key} meaning={meaning} />
            ))}
            {VERDICTS.map((verdict, place) => (
              <Entry
                key={verdict}
                name={String(place + 1)}
                meaning={labelOf('verdicts', verdict)}
                more={VERDICT_EFFECTS[verdict]}
              />
            ))}
          </Table.Tbody>
        </Table>
        <p style={{ margin: 0, fontSize: 13, color: 'var(--ink-muted)' }}>
          1 to 4 apply to the selected anomaly, or to all that are checked. The same digit again withdraws the
          verdict.
        </p>
        <Switch
          label="Single-key shortcuts"
          description="Turn off if you use speech input."
          checked={on}
          onChange={(event) => setOn(event.currentTarget.checked)}
        />
      </Stack>
    </Modal>
  );
}

function Entry({ name, meaning, more }: { name: string; meaning: string; more?: string }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" w={56} fw={400}>
        <Kbd>{name}</Kbd>
      </Table.Th>
      <Table.Td>
        {meaning}
        {more && <span style={{ display: 'block', fontSize: 12, color: 'var(--ink-muted)' }}>{more}</span>}
      </Table.Td>
    </Table.Tr>
  );
}
