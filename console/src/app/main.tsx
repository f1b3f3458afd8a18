import 'pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css';
import 'sonner/dist/styles.css';
import '../ui/styles.css';
import '../ui/nonce.ts';
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { Toaster, toast } from 'sonner';
import { ApiError } from '../api/api.ts';
import { getConnection, onConnection } from '../api/connection.ts';
import { takeAnswer } from '../api/returning.ts';
import { resumeJobs } from '../api/sending.ts';
import { sentenceOf } from '../api/sentences.ts';
import { startSession } from '../api/session.ts';
import { Boundary } from '../ui/boundary.tsx';
import { App } from './app.tsx';

const answer = takeAnswer();
const client = new QueryClient({
  queryCache: new QueryCache({
    // A query that has data keeps showing them; the shell reports that the API is away.
    onError: (error, { state }) => {
      if (state.data !== undefined && !(error instanceof ApiError && error.status === 0))
        toast.error(sentenceOf(error), { id: 'reading' });
    },
  }),
  defaultOptions: {
    queries: {
      // An error that the API reported is final; only unreachable or temporary failures are retried.
      retry: (count, error) => count < 3 && error instanceof ApiError && (error.status === 0 || error.status === 503),
      staleTime: 5_000,
    },
  },
});
onConnection(() => {
  if (getConnection() === 'up')
    void client.refetchQueries(
      { type: 'active', predicate: ({ state }) => state.fetchFailureCount > 0 },
      { cancelRefetch: true },
    );
});

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <QueryClientProvider client={client}>
      <BrowserRouter>
        <Boundary>
          <App />
        </Boundary>
      </BrowserRouter>
      <Toaster position="top-center" theme="system" richColors />
    </QueryClientProvider>,
  );
}
void startSession(answer).then(resumeJobs);
