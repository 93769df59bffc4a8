/** The server's rules, checked before anything is sent. The server checks them again. */

const MIN_CHARACTERS = 10;
const MAX_BYTES = 72;
const EMAIL = /^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$/;

export function emailError(value: string): string | null {
  return EMAIL.test(value.trim()) ? null : 'Enter an e-mail address such as name@example.com.';
}

export function newPasswordError(value: string): string | null {
  const characters = [...value].length;
  if (characters < MIN_CHARACTERS) {
    return characters === 0
      ? 'Enter a password of at least 10 characters.'
      : `Only ${characters} ${characters === 1 ? 'character' : 'characters'}; use at least ${MIN_CHARACTERS}.`;
  }
  const bytes = new TextEncoder().encode(value).length;
  return bytes > MAX_BYTES ? `This has ${bytes} bytes; use at most ${MAX_BYTES}.` : null;
}
