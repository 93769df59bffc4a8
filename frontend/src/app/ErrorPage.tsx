import { Button, Center } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { EmptyState } from '@/components/EmptyState';
import { usePageTitle } from '@/components/usePageTitle';

/** Shown when a page itself breaks, or when its code could not be loaded (a new release replaced it). */
export function ErrorPage() {
  usePageTitle('Something went wrong');
  return (
    <Center component="main" mih="100vh" p="md">
      <EmptyState
        level={1}
        icon={<IconAlertTriangle size={28} />}
        title="This page could not be shown"
        text="Reload it. If that does not help, Driftline may be unavailable right now."
        action={<Button onClick={() => window.location.reload()}>Reload the page</Button>}
      />
    </Center>
  );
}
