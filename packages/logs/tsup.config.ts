import { packageBuild } from '../../scripts/tsup.ts'

// oxlint-disable-next-line import/no-default-export -- tsup reads the default export
export default packageBuild({
  entries: { 'store/compact.worker': 'src/store/engine/compaction/compact.worker.ts' },
})
