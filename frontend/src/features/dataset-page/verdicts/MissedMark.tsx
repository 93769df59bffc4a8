/** A cross: a missed anomaly that the user reported, beside the diamond, triangle and circle of detected ones. */
export function MissedMark({ size = 12 }: { size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 12 12"
      aria-hidden="true"
      style={{ flex: 'none', color: 'var(--ink)' }}
    >
      <path d="M2 2 10 10M10 2 2 10" stroke="currentColor" strokeWidth="2.6" strokeLinecap="round" />
    </svg>
  );
}
