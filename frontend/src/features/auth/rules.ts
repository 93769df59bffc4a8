/** The server's rules (domain/accounts.py), told before anything is sent. The server has the last word. */

const MIN_CHARACTERS = 10;
const MAX_BYTES = 72;
const EMAIL = /^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$/;

export function emailError(value: string): string | null {
  return EMAIL.test(value.trim()) ? null : 'Write the address like name@example.com.';
}

export function newPasswordError(value: string): string | null {
  const characters = [...value].length;
  if (characters < MIN_CHARACTERS) {
    return characters === 0
      ? 'Choose a password of at least 10 characters.'
      : `This has ${characters} ${characters === 1 ? 'character' : 'characters'}; use at least ${MIN_CHARACTERS}.`;
  }
  const bytes = new TextEncoder().encode(value).length;
  return bytes > MAX_BYTES ? `This has ${bytes} bytes; use at most ${MAX_BYTES}.` : null;
}
