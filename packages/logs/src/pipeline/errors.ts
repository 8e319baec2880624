import { defineErrors } from '@exprsn/core'

/** What goes wrong with pipelines. */
export const pipelineErrors = defineErrors({
  LOGS_PIPELINE_OPTION_INVALID: {
    message: 'The option {option} of {step} cannot be {value}.',
    help: 'See the documentation of the option.',
    status: 400,
  },
})
