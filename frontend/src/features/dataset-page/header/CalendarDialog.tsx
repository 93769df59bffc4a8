import { Button, FileButton, Group, Modal, Select, Stack, Text, Textarea } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useState } from 'react';
import { useCountries, useReadCalendar } from '@/api/calendar';
import type { Analysis } from '@/api/types';
import { counted } from '@/components/format';
import { notify, notifyFailure } from '@/components/notify';
import type { View } from '../view';
import { eventsOf, linesOf, problemWith, withEvents } from './calendar-events';

interface CalendarDialogProps {
  analysis: Analysis | undefined;
  view: View;
  onApply: (change: Pick<View, 'country' | 'events'>) => void;
  onClose: () => void;
}

/** Whose public holidays count, and the user's own events: what happens on them is learnt, and named. */
export function CalendarDialog({ analysis, view, onApply, onClose }: CalendarDialogProps) {
  const [country, setCountry] = useState(view.country);
  const [lines, setLines] = useState(linesOf(view.events));
  const problem = problemWith(lines);
  return (
    <Modal
      opened
      onClose={onClose}
      title="Holidays and events"
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack gap="md">
        <CountrySelect analysis={analysis} value={country} onChange={setCountry} />
        <Textarea
          label="Own events"
          description="A date and a name a line; give recurring events the same name"
          placeholder="2024-11-29 Sale"
          minRows={4}
          maxRows={12}
          autosize
          value={lines}
          error={problem}
          onChange={(event) => setLines(event.currentTarget.value)}
        />
        <Group justify="space-between">
          <ImportButton analysis={analysis} lines={lines} onLines={setLines} />
          <Group gap="sm">
            <Button
              variant="default"
              onClick={() => {
                setCountry('auto');
                setLines('');
              }}
            >
              Reset
            </Button>
            <Button
              disabled={problem !== null}
              onClick={() => {
                onApply({ country, events: eventsOf(lines) });
                onClose();
              }}
            >
              Apply
            </Button>
          </Group>
        </Group>
      </Stack>
    </Modal>
  );
}

interface CountrySelectProps {
  analysis: Analysis | undefined;
  value: View['country'];
  onChange: (country: View['country']) => void;
}

function CountrySelect({ analysis, value, onChange }: CountrySelectProps) {
  const { data: countries = [], isPending } = useCountries();
  const nameOf = (code: string) => countries.find((one) => one.code === code)?.name ?? code;
  const applied = analysis?.settings.country;
  const isAuto = analysis !== undefined && analysis.settings.requestedCountry === 'auto';
  const auto = isAuto ? `Auto (${applied ? nameOf(applied) : 'none'})` : 'Auto';
  return (
    <>
      <Select
        label="Public holidays of"
        searchable
        allowDeselect={false}
        disabled={isPending}
        data={[
          { value: 'auto', label: auto },
          { value: 'none', label: 'No country' },
          ...countries.map(({ code, name }) => ({ value: code, label: name })),
        ]}
        value={value ?? 'none'}
        onChange={(chosen) => chosen !== null && onChange(chosen)}
      />
      {isAuto && value === 'auto' && (
        <Text size="xs" c="dimmed">
          {analysis.settings.countryReason}
        </Text>
      )}
    </>
  );
}

interface ImportButtonProps {
  analysis: Analysis | undefined;
  lines: string;
  onLines: (lines: string) => void;
}

/** Events outside the data are left out: nothing can be learnt of them, and a link has room for few. */
function ImportButton({ analysis, lines, onLines }: ImportButtonProps) {
  const read = useReadCalendar();
  const times = analysis?.series.time ?? [];
  const [first, last] = [(times[0] ?? '').slice(0, 10), (times.at(-1) ?? '').slice(0, 10)];
  const take = async (file: File | null) => {
    if (!file) return;
    try {
      const { events, leftOut } = await read.mutateAsync(await file.text());
      const all = withEvents(lines, events, first, last);
      onLines(all);
      const rest = leftOut > 0 ? `; ${counted(leftOut, 'event')} could not be used` : '';
      notify(`${counted(events.length, 'event')} read from ${file.name}${rest}`);
    } catch (error) {
      notifyFailure('The calendar could not be read', error);
    }
  };
  return (
    <FileButton accept=".ics,.txt,.csv,text/calendar,text/plain" onChange={(file) => void take(file)}>
      {(props) => (
        <Button
          {...props}
          variant="default"
          leftSection={<IconFileImport size={16} />}
          loading={read.isPending}
        >
          Import .ics
        </Button>
      )}
    </FileButton>
  );
}
