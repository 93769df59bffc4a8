import { useQueryClient } from '@tanstack/react-query';
import { datasetKeys } from '@/api/datasets';
import { commitDeletion, markDeleted, undoDeletion } from '@/api/deletion';
import { tellFailure, tellWithUndo } from './notify';

/** Delete a dataset: gone from the page at once, from the server when the message with "Undo" has closed. */
export function useDeleteWithUndo(): (dataset: { id: string; datasetName: string }) => void {
  const queries = useQueryClient();
  return ({ id, datasetName }) => {
    if (!markDeleted(id)) return; // a second click came before the dialog was gone
    tellWithUndo(`"${datasetName}" is deleted`, {
      onUndo: () => undoDeletion(id),
      onOver: () => {
        commitDeletion(id, () => queries.invalidateQueries({ queryKey: datasetKeys.list })).catch(
          (error: unknown) => tellFailure(`"${datasetName}" could not be deleted`, error),
        );
      },
    });
  };
}
