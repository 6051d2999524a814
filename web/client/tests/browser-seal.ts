// The worker of the pages, for a page of a test.

import "../src/pages/seal";
