import { Avatar, Menu, UnstyledButton } from '@mantine/core';
import { IconApi, IconChevronDown, IconLogout } from '@tabler/icons-react';
import { useNavigate } from 'react-router';
import { useAccount, useSignOut } from '@/api/account';

export function UserMenu() {
  const { data: account } = useAccount();
  const signOut = useSignOut();
  const navigate = useNavigate();
  const email = account?.email ?? '';
  const leave = async () => {
    // Away from what is open first: the next to sign in may be another user.
    await navigate('/datasets');
    signOut.mutate();
  };
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <UnstyledButton
          aria-label={`${initials(email)}: your account ${email}`}
          display="flex"
          style={{ alignItems: 'center', gap: 6 }}
        >
          <Avatar
            size={34}
            color="indigo"
            radius="xl"
            styles={{
              placeholder: { color: 'var(--accent-ink)', background: 'var(--accent-wash)', fontWeight: 650 },
            }}
          >
            {initials(email)}
          </Avatar>
          <IconChevronDown size={16} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label style={{ overflowWrap: 'anywhere' }}>Signed in as {email}</Menu.Label>
        <Menu.Item
          component="a"
          href="/api/docs"
          target="_blank"
          leftSection={<IconApi size={16} stroke={1.7} />}
        >
          API documentation
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} stroke={1.7} />} onClick={leave}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** "mara.klein@..." becomes MK, "ops@..." becomes OP. */
export function initials(email: string): string {
  const name = email.split('@')[0] ?? '';
  const [first = '', second = ''] = name.split(/[._+-]+/).filter(Boolean);
  return (second ? first.charAt(0) + second.charAt(0) : first.slice(0, 2)).toUpperCase();
}
