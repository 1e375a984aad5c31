import { describeFunctionsBehindBroker } from './functions-behind-broker.ts'
import { openPlane } from './support/open-plane.ts'

describeFunctionsBehindBroker('eventing-rabbitmq', openPlane({ ingress: 'knative', dispatchers: 'knative' }))
describeFunctionsBehindBroker('our broker', openPlane({ ingress: 'ours', dispatchers: 'ours' }))
