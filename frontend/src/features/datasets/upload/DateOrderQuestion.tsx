import { Alert, Button, Group, Text } from '@mantine/core';
import { IconCalendarQuestion } from '@tabler/icons-react';
import type { AmbiguousDate } from './ambiguous-date';

interface DateOrderQuestionProps {
  date: AmbiguousDate;
  /** Whether later rows of the file, which the preview has not seen, may decide it. */
  mayBeDecidedLater: boolean;
  onAnswer: (dayFirst: boolean) => void;
}

/** Asks which of day and month comes first, with a date of the file as it would be read. */
export function DateOrderQuestion({ date, mayBeDecidedLater, onAnswer }: DateOrderQuestionProps) {
  return (
    <Alert
      variant="light"
      color="yellow"
      bg="var(--low-wash)"
      c="var(--ink)"
      mb="sm"
      icon={<IconCalendarQuestion size={18} color="var(--low)" />}
      title={`Is ${date.text} ${date.dayFirst} or ${date.monthFirst}?`}
    >
      <Text size="sm" mb="xs">
        {mayBeDecidedLater
          ? 'The first rows can be read both ways. Choose one, or upload and let the other rows decide.'
          : 'The dates of this file can be read both ways.'}
      </Text>
      <Group gap="sm">
        <Button size="xs" variant="default" onClick={() => onAnswer(true)}>
          {date.dayFirst}
        </Button>
        <Button size="xs" variant="default" onClick={() => onAnswer(false)}>
          {date.monthFirst}
        </Button>
      </Group>
    </Alert>
  );
}
