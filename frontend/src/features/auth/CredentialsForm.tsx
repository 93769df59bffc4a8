import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect } from 'react';
import { Link, useLocation } from 'react-router';
import type { Credentials } from '@/api/account';
import { problemOf, problemText } from '@/api/problem';
import { useOnce } from '@/components/useOnce';
import { emailError, newPasswordError } from './credential-rules';

interface CredentialsFormProps {
  action: string;
  /** A new password is checked against the rules before it is sent; a known one is sent as it is. */
  isNew: boolean;
  pending: boolean;
  error: unknown;
  onSubmit: (credentials: Credentials) => void;
}

export function CredentialsForm({ action, isNew, pending, error, onSubmit }: CredentialsFormProps) {
  const form = useForm<Credentials>({
    mode: 'uncontrolled',
    initialValues: { email: '', password: '' },
    validate: {
      email: emailError,
      password: (value) => (isNew ? newPasswordError(value) : value ? null : 'Enter your password.'),
    },
    onSubmitPreventDefault: 'always',
  });

  // A refusal that is about one field is shown at that field.
  const { setFieldError } = form;
  const problem = problemOf(error);
  const field = problem?.field === 'email' || problem?.field === 'password' ? problem.field : null;
  const taken = problem?.code === 'email_taken';
  useEffect(() => {
    if (taken) setFieldError('email', <TakenError text={problemText(error)} />);
    else if (field) setFieldError(field, problemText(error));
  }, [error, field, taken, setFieldError]);

  const submit = useOnce(pending, error, onSubmit);
  return (
    <form onSubmit={form.onSubmit(submit)} noValidate>
      <Stack gap="md">
        {Boolean(error) && !field && !taken && (
          <Alert
            role="alert"
            color="red"
            variant="light"
            icon={<IconAlertTriangle size={18} />}
            c="var(--ink)"
          >
            {problemText(error)}
          </Alert>
        )}
        <TextInput
          label="E-mail"
          type="email"
          size="md"
          autoComplete="email"
          placeholder="name@example.com"
          key={form.key('email')}
          {...form.getInputProps('email')}
        />
        <PasswordInput
          label="Password"
          size="md"
          autoComplete={isNew ? 'new-password' : 'current-password'}
          description={isNew ? 'At least 10 characters. A short sentence works well.' : undefined}
          key={form.key('password')}
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password', tabIndex: 0 }}
          {...form.getInputProps('password')}
        />
        <Button type="submit" size="md" loading={pending} fullWidth>
          {action}
        </Button>
      </Stack>
    </form>
  );
}

function TakenError({ text }: { text: string }) {
  const { search } = useLocation();
  return (
    <>
      {text} <Link to={`/login${search}`}>Sign in instead</Link>
    </>
  );
}
