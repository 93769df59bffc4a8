/** A browser that is handed a file anywhere on a page opens it in place of the page, unless the page takes the drop. */

export interface FileDropHandlers {
  /** Whether a file is being dragged over the window. */
  onDragging: (isDragging: boolean) => void;
  onFiles: (files: readonly File[]) => void;
}

function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}

/** Dropped files never replace the page, signed in or not. Installed once, before the page is drawn. */
export function keepPageOnDrop(target: Window = window): void {
  const prevent = (event: DragEvent) => {
    if (carriesFiles(event)) event.preventDefault();
  };
  target.addEventListener('dragover', prevent);
  target.addEventListener('drop', prevent);
}

/** Listen to files dragged over and dropped on the window. Drops that another zone has taken are left to it. */
export function listenToFileDrops({ onDragging, onFiles }: FileDropHandlers): () => void {
  // Each element that is crossed sends an enter and a leave: the drag has left when as many of both have come.
  let depth = 0;
  const set = (next: number) => {
    depth = Math.max(0, next);
    onDragging(depth > 0);
  };
  const enter = (event: DragEvent) => {
    if (carriesFiles(event)) set(depth + 1);
  };
  const leave = (event: DragEvent) => {
    if (carriesFiles(event)) set(depth - 1);
  };
  const drop = (event: DragEvent) => {
    if (!carriesFiles(event)) return;
    set(0);
    const isTaken = (event.target as Element | null)?.closest?.('[data-file-drop]');
    if (!isTaken) onFiles([...(event.dataTransfer?.files ?? [])]);
  };
  window.addEventListener('dragenter', enter);
  window.addEventListener('dragleave', leave);
  window.addEventListener('drop', drop);
  return () => {
    window.removeEventListener('dragenter', enter);
    window.removeEventListener('dragleave', leave);
    window.removeEventListener('drop', drop);
  };
}
