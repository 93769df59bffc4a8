import styles from './Logo.module.css';

export function Logo() {
  return (
    <span className={styles.logo}>
      <svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="7" fill="#3b5bdb" />
        <path
          d="M5 17h5l3-8 5 15 4-10 2 3h3"
          fill="none"
          stroke="#fff"
          strokeWidth="2.6"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      Driftline
    </span>
  );
}
