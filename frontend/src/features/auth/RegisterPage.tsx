import { Link, useLocation } from 'react-router';
import { useRegister } from '@/api/account';
import { usePageTitle } from '@/components/usePageTitle';
import { AuthLayout } from './AuthLayout';
import { CredentialsForm } from './CredentialsForm';

export function RegisterPage() {
  usePageTitle('Create account');
  const register = useRegister();
  const { search } = useLocation();
  return (
    <AuthLayout
      title="Create account"
      lead="All you need is an e-mail address and a password."
      footer={
        <>
          Already have an account? <Link to={`/login${search}`}>Sign in</Link>
        </>
      }
    >
      <CredentialsForm
        action="Create account"
        isNew
        pending={register.isPending}
        error={register.error}
        onSubmit={(credentials) => register.mutate(credentials)}
      />
    </AuthLayout>
  );
}
