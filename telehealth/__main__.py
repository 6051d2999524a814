"""`python -m telehealth` is `telehealth`."""

import sys

from telehealth.cli import main

sys.exit(main())
