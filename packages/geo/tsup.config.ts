import { packageBuild } from '../../scripts/tsup.ts'

// oxlint-disable-next-line import/no-default-export -- tsup reads the default export
export default packageBuild({
  entries: {
    'osm/pbf.worker': 'src/osm/pbf/pbf.worker.ts',
    'optimise/leg.worker': 'src/optimise/solve/workers/leg.worker.ts',
    'optimise/plan.worker': 'src/optimise/planner/plan.worker.ts',
  },
})
