import { Notifications } from '@mantine/notifications';
import { fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { useDatasets } from '@/api/datasets';
import { beginSession, endSession } from '@/api/session';
import { renderPage } from '@/testing/render';
import { at, HttpResponse, http, problem, server } from '@/testing/server';
import { useDeleteWithUndo } from './useDeleteWithUndo';

function Names() {
  const { data } = useDatasets();
  const remove = useDeleteWithUndo();
  return (
    <>
      <Notifications />
      {data?.items.map(({ id, datasetName }) => (
        <button key={id} type="button" onClick={() => remove({ id, datasetName })}>
          {datasetName}
        </button>
      ))}
      <p>{data?.total} left</p>
    </>
  );
}

let there: string[];
let deletes: string[];

beforeEach(() => {
  there = ['one', 'two'];
  deletes = [];
  server.use(
    http.get(at('/datasets'), () =>
      HttpResponse.json({
        items: there.map((id) => ({ id, datasetName: id })),
        total: there.length,
        sizeBytes: 0,
        limit: 50,
        offset: 0,
      }),
    ),
    http.delete(at('/datasets/:id'), ({ params }) => {
      deletes.push(String(params.id));
      there = there.filter((id) => id !== params.id);
      return new HttpResponse(null, { status: 204 });
    }),
  );
  beginSession({ accessToken: 'token', tokenType: 'Bearer', expiresIn: 900 });
});

test('what is deleted is gone from the list at once and comes back by undoing; nothing was sent', async () => {
  renderPage(<Names />);
  await userEvent.click(await screen.findByRole('button', { name: 'one' }));
  expect(screen.queryByRole('button', { name: 'one' })).toBeNull();
  expect(screen.getByText('1 left')).toBeInTheDocument();
  await userEvent.click(await screen.findByRole('button', { name: 'Undo' }));
  expect(await screen.findByRole('button', { name: 'one' })).toBeInTheDocument();
  expect(deletes).toEqual([]);
});

test('closing the message deletes it for good', async () => {
  renderPage(<Names />);
  await userEvent.click(await screen.findByRole('button', { name: 'one' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Delete now' }));
  await waitFor(() => expect(deletes).toEqual(['one']));
  expect(screen.queryByRole('button', { name: 'one' })).toBeNull();
  expect(screen.getByText('1 left')).toBeInTheDocument();
});

test('a refusal brings it back and is told', async () => {
  server.use(
    http.delete(at('/datasets/:id'), () => problem(503, 'unavailable', 'The store does not answer.')),
  );
  renderPage(<Names />);
  await userEvent.click(await screen.findByRole('button', { name: 'one' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Delete now' }));
  expect(await screen.findByText('"one" could not be deleted')).toBeInTheDocument();
  expect(await screen.findByRole('button', { name: 'one' })).toBeInTheDocument();
});

test('leaving the page sends it with a request that outlives the page', async () => {
  const sent = vi.spyOn(window, 'fetch').mockResolvedValue(new Response());
  renderPage(<Names />);
  await userEvent.click(await screen.findByRole('button', { name: 'two' }));
  fireEvent(window, new Event('pagehide'));
  expect(sent).toHaveBeenCalledWith(
    '/api/datasets/two',
    expect.objectContaining({
      method: 'DELETE',
      keepalive: true,
      headers: { Authorization: 'Bearer token' },
    }),
  );
  sent.mockRestore();
  endSession();
});
