import { describeDataPlane } from './data-plane.ts'
import { openPlane } from './support/open-plane.ts'

describeDataPlane('eventing-rabbitmq', openPlane({ ingress: 'knative', dispatchers: 'knative' }))
describeDataPlane('ours', openPlane({ ingress: 'ours', dispatchers: 'ours' }))
describeDataPlane(
  'our ingress, dispatchers of eventing-rabbitmq',
  openPlane({ ingress: 'ours', dispatchers: 'knative' }),
)
describeDataPlane(
  'ingress of eventing-rabbitmq, our dispatchers',
  openPlane({ ingress: 'knative', dispatchers: 'ours' }),
)
