import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { problemText } from '@/api/problem';

/**
 * A failure stays until it is dismissed: a message that vanishes before it is read is none. With an `id` another try
 * takes its place, or `settle` takes it away.
 */
export function notifyFailure(title: string, error: unknown, id?: string): void {
  if (id) notifications.hide(id);
  notifications.show({
    ...(id && { id }),
    title,
    message: problemText(error),
    color: 'red',
    autoClose: false,
    withCloseButton: true,
  });
}

/** What had failed has worked by now. */
export function dismiss(id: string): void {
  notifications.hide(id);
}

export function notify(title: string, message = ''): void {
  notifications.show({ title, message, color: 'indigo' });
}

const UNDO_MS = 8_000; // time to read a line, think again and reach the button; pointing at the message stops the clock

/** Something was done that can still be taken back; `onOver` is called when the message closes without that. */
export function notifyWithUndo(
  title: string,
  { onUndo, onOver }: { onUndo: () => void; onOver: () => void },
): void {
  let undone = false;
  const id = notifications.show({
    title,
    message: (
      <Button
        size="compact-sm"
        variant="default"
        mt={4}
        onClick={() => {
          undone = true;
          onUndo();
          notifications.hide(id);
        }}
      >
        Undo
      </Button>
    ),
    color: 'indigo',
    autoClose: UNDO_MS,
    closeButtonProps: { 'aria-label': 'Delete now' },
    onClose: () => {
      if (!undone) onOver();
    },
  });
}
