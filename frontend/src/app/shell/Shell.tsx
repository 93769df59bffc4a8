import { AppShell, Burger, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Suspense, useEffect } from 'react';
import { Outlet, useLocation } from 'react-router';
import { Breadcrumbs } from '@/components/Breadcrumbs';
import { Logo } from '@/components/Logo';
import { PageSkeleton } from '@/components/PageSkeleton';
import { followPrinting } from '@/components/printing';
import { ConnectionNotice } from './ConnectionNotice';
import { DropTarget } from './DropTarget';
import { Rail } from './Rail';
import styles from './Shell.module.css';
import { ThemeToggle } from './ThemeToggle';
import { UserMenu } from './UserMenu';

export function Shell() {
  const [open, { toggle, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new path is the very reason to close the rail.
  useEffect(close, [pathname]);
  useEffect(followPrinting, []);

  return (
    <>
      <a className={styles.skip} href="#main">
        Skip to content
      </a>
      <DropTarget />
      <AppShell
        layout="alt"
        header={{ height: 60 }}
        navbar={{ width: 232, breakpoint: 'md', collapsed: { mobile: !open } }}
        transitionDuration={150}
        classNames={{ navbar: styles.navbar ?? '', header: styles.header ?? '', main: styles.main ?? '' }}
      >
        <AppShell.Header>
          <Group h="100%" px={{ base: 'md', sm: 'lg' }} justify="space-between" wrap="nowrap" gap="sm">
            <Group gap="sm" wrap="nowrap" miw={0}>
              <Burger
                hiddenFrom="md"
                opened={open}
                onClick={toggle}
                size="sm"
                aria-label={open ? 'Close the menu' : 'Open the menu'}
                aria-expanded={open}
                aria-controls="rail"
              />
              <Breadcrumbs />
            </Group>
            <Group gap="xs" wrap="nowrap">
              <ThemeToggle />
              <UserMenu />
            </Group>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar id="rail" aria-label="Main">
          <div className={styles.brand}>
            <Logo />
            <Burger hiddenFrom="md" opened onClick={close} size="sm" aria-label="Close the menu" />
          </div>
          <Rail />
        </AppShell.Navbar>
        <AppShell.Main id="main" tabIndex={-1}>
          <ConnectionNotice />
          <div className={styles.page}>
            <Suspense fallback={<PageSkeleton />}>
              <Outlet />
            </Suspense>
          </div>
        </AppShell.Main>
      </AppShell>
    </>
  );
}
