import { chunkGroups } from '../../scripts/chunk-groups.ts'
import { packageBuild } from '../../scripts/tsup.ts'

/** What is loaded together by whoever needs a part of it. */
const groups = {
  base: ['clock', 'duration', 'errors', 'id', 'logger', 'random'],
  disk: ['disk', 'sqlite'],
  resilience: ['resilience'],
  storage: ['storage'],
}

// oxlint-disable-next-line import/no-default-export -- tsup reads the default export
export default { ...packageBuild(), esbuildPlugins: [chunkGroups(groups)] }
