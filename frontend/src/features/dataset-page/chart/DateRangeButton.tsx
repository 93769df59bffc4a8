import { Button, Group, Popover, TextInput } from '@mantine/core';
import { IconCalendar } from '@tabler/icons-react';
import { useState } from 'react';
import { formatSpan, wallText, wallTime } from '@/components/format';
import styles from './SeriesCard.module.css';
import { type TimeRange, within } from './series';

const DAY_TEXT = 10; // characters of 2024-01-03
const MINUTE_TEXT = 16; // characters of 2024-01-03T05:00

interface DateRangeButtonProps {
  whole: TimeRange;
  zoom: TimeRange | null;
  /** Whether points stand for whole days or more: then a range is given in days. */
  isDaily: boolean;
  onZoom: (zoom: TimeRange | null) => void;
}

/** The visible time range, typed instead of dragged. */
export function DateRangeButton({ whole, zoom, isDaily, onZoom }: DateRangeButtonProps) {
  const [isOpen, setIsOpen] = useState(false);
  const { from, to } = zoom ?? whole;
  const day = (ms: number) => wallText(ms).slice(0, DAY_TEXT);
  return (
    <Popover opened={isOpen} onChange={setIsOpen} position="bottom-end" withinPortal={false} trapFocus>
      <Popover.Target>
        <Button
          size="compact-sm"
          fz={12.5}
          fw={550}
          variant="default"
          ml="auto"
          title={formatSpan(day(from), day(to))}
          leftSection={<IconCalendar size={15} />}
          onClick={() => setIsOpen(!isOpen)}
        >
          {zoom ? formatSpan(day(from), day(to)) : <span className={styles.allDates}>All dates</span>}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <DateRangeForm
          key={`${from} ${to}`}
          whole={whole}
          current={{ from, to }}
          isDaily={isDaily}
          onZoom={(range) => {
            onZoom(range);
            setIsOpen(false);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

interface DateRangeFormProps extends Pick<DateRangeButtonProps, 'whole' | 'isDaily' | 'onZoom'> {
  current: TimeRange;
}

function DateRangeForm({ whole, current, isDaily, onZoom }: DateRangeFormProps) {
  const length = isDaily ? DAY_TEXT : MINUTE_TEXT;
  const type = isDaily ? 'date' : 'datetime-local';
  const text = (ms: number) => wallText(ms).slice(0, length);
  const [from, setFrom] = useState(text(current.from));
  const [to, setTo] = useState(text(current.to));
  const range = { from: wallTime(from), to: wallTime(to) };
  const isEmpty = Number.isNaN(range.from) || Number.isNaN(range.to);
  const error = isEmpty || range.from < range.to ? null : 'The end must be after the start.';
  const isOutside = !isEmpty && (range.from > whole.to || range.to < whole.from);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!isEmpty && !error && !isOutside) onZoom(within(range, whole));
      }}
    >
      <Group gap="sm" align="flex-start" wrap="nowrap">
        <TextInput
          label="From"
          type={type}
          min={text(whole.from)}
          max={text(whole.to)}
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput
          label="To"
          type={type}
          min={text(whole.from)}
          max={text(whole.to)}
          value={to}
          error={isOutside ? 'There is no data in this range.' : error}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
      </Group>
      <Group justify="space-between" mt="sm">
        <Button size="xs" variant="default" onClick={() => onZoom(null)}>
          Show all
        </Button>
        <Button size="xs" type="submit" disabled={isEmpty || error !== null || isOutside}>
          Apply
        </Button>
      </Group>
    </form>
  );
}
