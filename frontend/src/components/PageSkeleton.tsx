import { Skeleton, Stack } from '@mantine/core';

export function PageSkeleton() {
  return (
    <Stack aria-busy="true" aria-live="polite" p="md">
      <span className="visually-hidden">Loading</span>
      <Skeleton height={34} width={280} maw="80%" />
      <Skeleton height={120} />
      <Skeleton height={320} />
    </Stack>
  );
}
