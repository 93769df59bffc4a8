import { ActionIcon, Button, type CSSVariablesResolver, createTheme, Tooltip } from '@mantine/core';

export const theme = createTheme({
  // Mantine's greys, moved to the blue side of tokens.css.
  colors: {
    dark: [
      '#eef0f5',
      '#c8cdd9',
      '#a4abbb',
      '#7d8597',
      '#3d4453',
      '#2b303c',
      '#1f232e',
      '#1a1d26',
      '#14161d',
      '#0e1016',
    ],
  },
  primaryColor: 'indigo',
  primaryShade: { light: 8, dark: 8 },
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, monospace",
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  headings: { fontWeight: '650', textWrap: 'balance' },
  components: {
    Button: Button.extend({ defaultProps: { fw: 600 } }),
    ActionIcon: ActionIcon.extend({ defaultProps: { size: 'lg' } }),
    // As plain objects: importing them here would put them into what every first visit loads.
    Modal: { styles: { title: { fontWeight: 650 } } },
    Drawer: { styles: { title: { fontWeight: 650 } } },
    // A dialog's <header> would count as a second banner of the page.
    ModalHeader: { defaultProps: { role: 'presentation' } },
    DrawerHeader: { defaultProps: { role: 'presentation' } },
    // Its words keep 4.5:1 on its ground, and its cross has a name.
    Notification: {
      defaultProps: { closeButtonProps: { 'aria-label': 'Close' } },
      styles: { description: { color: 'var(--ink-muted)' } },
    },
    // Its placeholder for the first focus is no item of a menu; without it the first item has the focus.
    Menu: {
      defaultProps: { withInitialFocusPlaceholder: false },
      // A ground on which muted words keep 4.5:1 too.
      styles: { dropdown: { '--menu-item-hover': 'var(--surface-sunken)' } },
    },
    Tooltip: Tooltip.extend({ defaultProps: { withArrow: true, openDelay: 300 } }),
  },
});

/** Our surfaces and inks (tokens.css) under Mantine's names, so that its parts match ours in both schemes. */
export const variables: CSSVariablesResolver = () => {
  const surfaces = {
    '--mantine-color-body': 'var(--surface)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--ink-muted)',
    '--mantine-color-placeholder': 'var(--ink-muted)',
    '--mantine-color-default': 'var(--surface)',
    '--mantine-color-default-hover': 'var(--surface-sunken)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-error': 'var(--danger-ink)',
    '--mantine-color-anchor': 'var(--accent-ink)',
    '--mantine-primary-color-light-color': 'var(--accent-ink)',
  };
  return { variables: {}, light: surfaces, dark: surfaces };
};
