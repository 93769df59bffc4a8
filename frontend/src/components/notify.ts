import { notifications } from '@mantine/notifications';
import { problemText } from '@/api/problem';

/** A failure stays until it is dismissed: a message that vanishes before it is read is none. */
export function tellFailure(title: string, error: unknown): void {
  notifications.show({
    title,
    message: problemText(error),
    color: 'red',
    autoClose: false,
    withCloseButton: true,
  });
}

export function tell(title: string, message = ''): void {
  notifications.show({ title, message, color: 'indigo' });
}
