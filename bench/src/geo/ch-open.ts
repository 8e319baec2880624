import { openRome } from './roads/open-rome.ts'

/** To open a file of a router: it is read into shared memory, and its header is checked. */
export const benchmark = openRome({ name: 'geo/ch-open', target: 15, ask: async () => undefined })
