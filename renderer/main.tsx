import 'sonner/dist/styles.css';
import './ui/base.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { createClient } from './client/createClient.ts';
import { followHash } from './stores/route.ts';
import { startFeeds } from './stores/startFeeds.ts';

const client = createClient();
startFeeds(client);
followHash();
const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root element.');
createRoot(root).render(<App client={client} />);
