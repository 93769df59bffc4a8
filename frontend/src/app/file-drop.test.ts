import { fireEvent } from '@testing-library/react';
import { expect, test } from 'vitest';
import { keepPageOnDrop, listenToFileDrops } from './file-drop';

const FILE = new File(['date,sales\n'], 'sales.csv');
const carrying = (types: string[], files: File[] = []) => ({ dataTransfer: { types, files } });

test('a dropped file never replaces the page; dropped text is left to the browser', () => {
  keepPageOnDrop();
  expect(fireEvent.drop(document.body, carrying(['Files'], [FILE]))).toBe(false);
  expect(fireEvent.dragOver(document.body, carrying(['Files']))).toBe(false);
  expect(fireEvent.drop(document.body, carrying(['text/plain']))).toBe(true);
});

test('a file dropped anywhere is handed on, and the drag is over', () => {
  const dragging: boolean[] = [];
  const files: string[] = [];
  const stop = listenToFileDrops({
    onDragging: (is) => dragging.push(is),
    onFiles: (dropped) => files.push(...dropped.map(({ name }) => name)),
  });
  fireEvent.dragEnter(document.body, carrying(['Files']));
  fireEvent.dragEnter(document.body, carrying(['Files']));
  fireEvent.dragLeave(document.body, carrying(['Files']));
  expect(dragging.at(-1)).toBe(true);
  fireEvent.drop(document.body, carrying(['Files'], [FILE]));
  expect(dragging.at(-1)).toBe(false);
  expect(files).toEqual(['sales.csv']);
  stop();
  fireEvent.drop(document.body, carrying(['Files'], [FILE]));
  expect(files).toHaveLength(1);
});

test('a drop zone of its own keeps its file', () => {
  const files: File[] = [];
  const stop = listenToFileDrops({
    onDragging: () => undefined,
    onFiles: (dropped) => files.push(...dropped),
  });
  const zone = document.createElement('div');
  zone.setAttribute('data-file-drop', '');
  document.body.append(zone);
  fireEvent.drop(zone, carrying(['Files'], [FILE]));
  expect(files).toEqual([]);
  zone.remove();
  stop();
});
