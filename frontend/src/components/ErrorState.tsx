import { Alert, Button, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { problemText } from '@/api/problem';
import styles from './ErrorState.module.css';

interface ErrorStateProps {
  title: string;
  error: unknown;
  onRetry?: () => void;
  children?: ReactNode;
}

/** A failure in words, with what can be done about it. */
export function ErrorState({ title, error, onRetry, children }: ErrorStateProps) {
  return (
    <Alert
      role="alert"
      color="red"
      variant="default"
      className={styles.alert ?? ''}
      title={title}
      icon={<IconAlertTriangle size={20} className={styles.icon} />}
    >
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{problemText(error)}</Text>
        {children}
        {onRetry && (
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
