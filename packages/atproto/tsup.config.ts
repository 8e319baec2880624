import { packageBuild } from '../../scripts/tsup.ts'

// oxlint-disable-next-line import/no-default-export -- tsup reads the default export
export default packageBuild({ entries: { 'batch.worker': 'src/crypto/batch/batch.worker.ts' } })
