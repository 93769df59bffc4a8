/** Own events as people edit them, one a line, and as settings have them, with semicolons between. */

export const MOST_EVENT_CHARACTERS = 6_000; // as written in a link: some gateways refuse addresses over 8,192
const MOST_EVENTS = 500; // as the server
const LINE = /^(\d{4}-\d{2}-\d{2}) +\S/;

export function linesOf(events: string | null): string {
  return split(events ?? '', ';').join('\n');
}

export function eventsOf(lines: string): string | null {
  return (
    split(lines, '\n')
      .map((line) => line.replaceAll(';', ','))
      .join('; ') || null
  );
}

/** What is wrong with the lines, for the one who writes them; null if nothing is. */
export function problemWith(lines: string): string | null {
  const all = split(lines, '\n');
  const wrong = all.find((line) => !isEvent(line));
  if (wrong !== undefined) return `“${wrong.slice(0, 40)}” is not a date and a name: write 2024-11-29 Sale`;
  if (all.length > MOST_EVENTS) return `${all.length} events; at most ${MOST_EVENTS} can be given`;
  if (encodeURIComponent(eventsOf(lines) ?? '').length > MOST_EVENT_CHARACTERS) {
    return 'Too long for a link: shorten names, or remove events';
  }
  return null;
}

/** Events that an address may hold; null where there are none. */
export function readEvents(text: string | null): string | null {
  return (
    split(text ?? '', ';')
      .filter(isEvent)
      .slice(0, MOST_EVENTS)
      .join('; ') || null
  );
}

/** Lines with more events: those within a time, each once, by date. */
export function withEvents(
  lines: string,
  events: readonly { date: string; name: string }[],
  first: string,
  last: string,
): string {
  const inside = events.filter(({ date }) => (!first || date >= first) && (!last || date <= last));
  const all = [...split(lines, '\n'), ...inside.map(({ date, name }) => `${date} ${name}`)];
  return [...new Set(all)].sort().join('\n');
}

function isEvent(line: string): boolean {
  const date = LINE.exec(line)?.[1];
  if (!date) return false;
  const read = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(date); // 30 February is none
}

function split(text: string, between: string): string[] {
  return text
    .split(between)
    .map((part) => part.trim())
    .filter(Boolean);
}
