import 'pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css';
import 'sonner/dist/styles.css';
import './styles.css';
import './screens.css';
import './nonce.ts';
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { Toaster, toast } from 'sonner';
import { ApiError } from './api.ts';
import { App } from './app.tsx';
import { Boundary } from './boundary.tsx';
import { getConnection, onConnection } from './connection.ts';
import { resumeJobs } from './jobs.ts';
import { takeAnswer } from './returning.ts';
import { sentenceOf } from './sentences.ts';
import { startSession } from './session.ts';

const answer = takeAnswer();
const client = new QueryClient({
  queryCache: new QueryCache({
    // What has data keeps showing it; that the API is away, the shell says.
    onError: (error, { state }) => {
      if (state.data !== undefined && !(error instanceof ApiError && error.status === 0))
        toast.error(sentenceOf(error), { id: 'reading' });
    },
  }),
  defaultOptions: {
    queries: {
      // The API says what is wrong once; only what did not reach it, or what passes, is tried again.
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
      <Toaster position="top-center" richColors />
    </QueryClientProvider>,
  );
}
void startSession(answer).then(resumeJobs);
