import { useMutation, useQuery } from '@tanstack/react-query';
import { client } from './client';
import { queryKeys } from './query-keys';
import type { CalendarEvents, CountryList } from './types';

/** The countries whose public holidays are known. They change with the program only. */
export function useCountries() {
  return useQuery({
    queryKey: queryKeys.countries,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) =>
      (await client.get<CountryList>('/calendar/countries', { signal })).data.items,
  });
}

/** The events of a calendar file's text. */
export function useReadCalendar() {
  return useMutation({
    mutationFn: async (text: string) =>
      (await client.post<CalendarEvents>('/calendar/events', { text })).data,
  });
}
