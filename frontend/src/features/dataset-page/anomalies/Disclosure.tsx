import { Collapse, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import styles from './Disclosure.module.css';

/** A heading that opens what stands below it. Its content is made when it is first opened. */
export function Disclosure({ title, children }: { title: string; children: ReactNode }) {
  const [isOpen, { toggle }] = useDisclosure(false);
  const id = useId();
  return (
    <section className={styles.section}>
      <h3 className={styles.heading}>
        <UnstyledButton
          className={styles.toggle ?? ''}
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={toggle}
        >
          <IconChevronRight size={15} className={styles.chevron} data-open={isOpen} aria-hidden />
          {title}
        </UnstyledButton>
      </h3>
      <Collapse expanded={isOpen} id={id}>
        {isOpen && children}
      </Collapse>
    </section>
  );
}
