import type { Random } from '@strowger/node/ports';
