import { Select } from '@mantine/core';
import type { Problem } from '@/api/problem';

interface MemberQuestionProps {
  problem: Problem;
  onAnswer: (member: string) => void;
}

/** Asks which of the files in an archive is meant. */
export function MemberQuestion({ problem, onAnswer }: MemberQuestionProps) {
  const members = Array.isArray(problem.members) ? problem.members.map(String) : [];
  if (members.length === 0) return null;
  return (
    <Select
      label="File in the archive"
      placeholder="Choose a file"
      data={members}
      onChange={(member) => member && onAnswer(member)}
      searchable={members.length > 10}
      maw="30rem"
    />
  );
}
