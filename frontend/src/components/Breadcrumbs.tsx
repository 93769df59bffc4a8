import { Link } from 'react-router';
import styles from './Breadcrumbs.module.css';
import { useCurrentPage } from './usePageTitle';

export function Breadcrumbs() {
  const { title, trail } = useCurrentPage();
  return (
    <nav aria-label="Breadcrumbs" className={styles.nav}>
      <ol className={styles.list}>
        {trail.map((crumb) => (
          <li key={crumb.to} className={styles.above}>
            <Link to={crumb.to}>{crumb.label}</Link>
          </li>
        ))}
        <li aria-current="page" className={styles.current}>
          {title}
        </li>
      </ol>
    </nav>
  );
}
