import { Link, useLocation } from 'react-router';
import { useSignIn } from '@/api/account';
import { usePageTitle } from '@/components/usePageTitle';
import { AuthLayout } from './AuthLayout';
import { CredentialsForm } from './CredentialsForm';

export function LoginPage() {
  usePageTitle('Sign in');
  const signIn = useSignIn();
  const { search } = useLocation();
  return (
    <AuthLayout
      title="Sign in"
      lead="Welcome back."
      footer={
        <>
          New here? <Link to={`/register${search}`}>Create account</Link>
        </>
      }
    >
      <CredentialsForm
        action="Sign in"
        isNew={false}
        pending={signIn.isPending}
        error={signIn.error}
        onSubmit={(credentials) => signIn.mutate(credentials)}
      />
    </AuthLayout>
  );
}
