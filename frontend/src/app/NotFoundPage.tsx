import { Button, Stack } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';
import { Link } from 'react-router';
import { Card } from '@/components/Card';
import { EmptyState } from '@/components/EmptyState';
import { PageHeader } from '@/components/PageHeader';
import { usePageTitle } from '@/components/usePageTitle';

export function NotFoundPage() {
  usePageTitle('Page not found');
  return (
    <Stack>
      <PageHeader title="Page not found" />
      <Card>
        <EmptyState
          icon={<IconMapOff size={28} />}
          title="There is no such page"
          text="The address may be mistyped, or what it showed was deleted."
          action={
            <Button component={Link} to="/datasets">
              Go to your datasets
            </Button>
          }
        />
      </Card>
    </Stack>
  );
}
