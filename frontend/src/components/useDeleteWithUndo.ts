import { useQueryClient } from '@tanstack/react-query';
import { commitDeletion, markDeleted, undoDeletion } from '@/api/deletion';
import { queryKeys } from '@/api/query-keys';
import { notifyFailure, notifyWithUndo } from './notify';

/** Delete a dataset: gone from the page at once, from the server when the message with "Undo" has closed. */
export function useDeleteWithUndo(): (dataset: { id: string; datasetName: string }) => void {
  const queries = useQueryClient();
  return ({ id, datasetName }) => {
    if (!markDeleted(id)) return; // a second click came before the dialog was gone
    notifyWithUndo(`"${datasetName}" is deleted`, {
      onUndo: () => undoDeletion(id),
      onOver: () => {
        commitDeletion(id, () => queries.invalidateQueries({ queryKey: queryKeys.datasets.lists })).catch(
          (error: unknown) => notifyFailure(`"${datasetName}" could not be deleted`, error),
        );
      },
    });
  };
}
