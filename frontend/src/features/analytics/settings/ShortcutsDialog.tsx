import { Kbd, Modal, Stack, Switch, Table } from '@mantine/core';
import { useShortcutsSetting } from '../shortcuts';
import { VERDICT_EFFECTS, VERDICT_WORDS, VERDICTS } from '../words';

const MOVES: readonly [string, string][] = [
  ['J', 'The next anomaly'],
  ['K', 'The anomaly before'],
  ['Esc', 'Select nothing'],
  ['M', 'Report a missed anomaly'],
  ['?', 'This list'],
];

/** The keys of a dataset's page, and whether single characters do anything at all. */
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
                meaning={VERDICT_WORDS[verdict]}
                more={VERDICT_EFFECTS[verdict]}
              />
            ))}
          </Table.Tbody>
        </Table>
        <p style={{ margin: 0, fontSize: 13, color: 'var(--ink-muted)' }}>
          The digits speak of the selected anomaly; the same digit again takes the verdict back.
        </p>
        <Switch
          label="Keys of a single character"
          description="Off, they do nothing: speech input may trigger them."
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
