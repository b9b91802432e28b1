import { configure } from '@testing-library/react';

// For tests only. A machine that runs others beside them is slow: what appears at all appears in time.
configure({ asyncUtilTimeout: 15_000 });
