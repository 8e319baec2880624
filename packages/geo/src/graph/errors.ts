import { defineErrors } from '@exprsn/core'

/** What is wrong with a road network or a graph made of it. */
export const graphErrors = defineErrors({
  GEO_GRAPH_INVALID: {
    message: 'The graph is not valid at {where}: {reason}.',
    help: 'Nodes are whole numbers from 0 to one below the count; weights are whole numbers from 0 to 536,870,911.',
    status: 400,
  },
})
