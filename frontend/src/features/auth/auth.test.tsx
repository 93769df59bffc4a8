import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { isSignedIn } from '@/api/session';
import { renderPage } from '@/testing/render';
import { at, HttpResponse, http, problem, server } from '@/testing/server';
import { emailError, newPasswordError } from './credential-rules';
import { LoginPage } from './LoginPage';
import { RegisterPage } from './RegisterPage';

async function fill(email: string, password: string, action: string) {
  await userEvent.type(screen.getByLabelText('E-mail'), email);
  await userEvent.type(screen.getByLabelText('Password'), password);
  await userEvent.click(screen.getByRole('button', { name: action }));
}

test('a wrong password is told in words', async () => {
  server.use(http.post(at('/auth/login'), () => problem(401, 'invalid_credentials', 'no')));
  renderPage(<LoginPage />);
  await fill('mara@example.com', 'not the one', 'Sign in');
  expect(await screen.findByRole('alert')).toHaveTextContent('Wrong e-mail address or password.');
  expect(isSignedIn()).toBe(false);
});

test('a taken address is told at its field', async () => {
  server.use(http.post(at('/auth/register'), () => problem(409, 'email_taken', 'taken')));
  renderPage(<RegisterPage />);
  await fill('mara@example.com', 'correct horse battery', 'Create account');
  await waitFor(() =>
    expect(screen.getByLabelText('E-mail')).toHaveAccessibleDescription(/account with this e-mail/),
  );
});

test('a short password is told before anything is sent', async () => {
  renderPage(<RegisterPage />);
  await fill('mara@example.com', 'short', 'Create account');
  expect(await screen.findByText('Only 5 characters; use at least 10.')).toBeVisible();
});

test('a new account is signed in at once', async () => {
  server.use(
    http.post(at('/auth/register'), () =>
      HttpResponse.json({ id: '1', email: 'mara@example.com' }, { status: 201 }),
    ),
    http.post(at('/auth/login'), () =>
      HttpResponse.json({ accessToken: 't', tokenType: 'Bearer', expiresIn: 900 }),
    ),
  );
  renderPage(<RegisterPage />);
  await fill('mara@example.com', 'correct horse battery', 'Create account');
  await waitFor(() => expect(isSignedIn()).toBe(true));
});

test("the rules are the server's", () => {
  expect(newPasswordError('correct horse battery')).toBeNull();
  expect(newPasswordError('é'.repeat(37))).toBe('This has 74 bytes; use at most 72.');
  expect(emailError('a@b.co')).toBeNull();
  expect(emailError('a@b')).not.toBeNull();
  expect(emailError('a b@c.de')).not.toBeNull();
});
