import { Link, useLocation } from 'react-router';
import { useRegister } from '@/api/account';
import { usePageTitle } from '@/components/usePageTitle';
import { AuthLayout } from './AuthLayout';
import { CredentialsForm } from './CredentialsForm';

export function RegisterPage() {
  usePageTitle('Make an account');
  const register = useRegister();
  const { search } = useLocation();
  return (
    <AuthLayout
      title="Make an account"
      lead="An e-mail address and a password are all it takes."
      footer={
        <>
          Have an account? <Link to={`/login${search}`}>Sign in</Link>
        </>
      }
    >
      <CredentialsForm
        action="Make the account"
        isNew
        pending={register.isPending}
        error={register.error}
        onSubmit={(credentials) => register.mutate(credentials)}
      />
    </AuthLayout>
  );
}
