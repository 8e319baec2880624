import { defineErrors } from '@exprsn/core'

/** What is wrong with a road network or a graph made of it. */
export const graphErrors = defineErrors({
  GEO_GRAPH_INVALID: {
    message: 'The graph is not valid at {where}: {reason}.',
    help: 'Nodes are whole numbers from 0 to one below the count; weights are whole numbers from 0 to 536,870,911.',
    status: 400,
  },
  GEO_PROFILE_INVALID: {
    message: 'The profile is not valid at {field}: {reason}.',
    help: 'Correct the field; speeds are km/h, times seconds, sizes metres and tonnes.',
    status: 400,
  },
  GEO_GRAPH_OPTION_INVALID: {
    message: 'The option {option} of the graph is not valid: {reason}.',
    help: 'Correct the option.',
    status: 400,
  },
  GEO_GRAPH_EMPTY: {
    message: 'The data holds no road that the profile "{profile}" may use.',
    help: 'Check that the extract has ways with "highway", and that the profile allows their classes.',
    status: 400,
  },
  GEO_GRAPH_FILE_INVALID: {
    message: 'The graph file is not valid at byte {offset}: {reason}.',
    help: 'It is damaged, cut off or of another format: copy it again, or build it anew.',
    status: 500,
  },
  GEO_GRAPH_FILE_VERSION: {
    message: 'The graph file was written in version {found} of the format, and those up to {known} are known.',
    help: 'Read it with the version of the package that wrote it or a later one, or build it anew.',
    status: 400,
  },
})
