#include <nats.h>
