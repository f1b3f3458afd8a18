import 'pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css';
import './styles.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { Toaster } from 'sonner';
import { ApiError } from './api.ts';
import { App } from './app.tsx';
import { resumeJobs } from './jobs.ts';
import { startSession } from './session.ts';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // The API says what is wrong once; only what did not reach it, or what passes, is tried again.
      retry: (count, error) => count < 3 && error instanceof ApiError && (error.status === 0 || error.status === 503),
      staleTime: 5_000,
    },
  },
});

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <QueryClientProvider client={client}>
      <BrowserRouter>
        <App />
      </BrowserRouter>
      <Toaster position="top-center" richColors />
    </QueryClientProvider>,
  );
}
void startSession().then(resumeJobs);
