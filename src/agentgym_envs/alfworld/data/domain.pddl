; The household as a planner sees it: the same rules as engine.py, for TextWorld.
; Types, predicates and constants bear the names of the published game files.
(define (domain alfred)
  (:requirements :adl :typing)
  (:types agent location receptacle object rtype otype)
  (:predicates
    ; where everything is
    (atLocation ?who - agent ?where - location)
    (receptacleAtLocation ?place - receptacle ?where - location)
    (objectAtLocation ?thing - object ?where - location)
    (inReceptacle ?thing - object ?place - receptacle)
    (inReceptacleObject ?inner - object ?outer - object)
    (holds ?who - agent ?thing - object)
    (holdsAny ?who - agent)
    ; what it is
    (receptacleType ?place - receptacle ?kind - rtype)
    (objectType ?thing - object ?kind - otype)
    (canContain ?place - rtype ?thing - otype)
    (openable ?place - receptacle)
    (isReceptacleObject ?thing - object)
    (pickupable ?thing - object)
    (cleanable ?thing - object)
    (heatable ?thing - object)
    (coolable ?thing - object)
    (toggleable ?thing - object)
    (sliceable ?thing - object)
    ; what has been done to it
    (opened ?place - receptacle)
    (isClean ?thing - object)
    (isHot ?thing - object)
    (isCool ?thing - object)
    (isOn ?thing - object)
    (isToggled ?thing - object)
    (isSliced ?thing - object)
    ; actions that change nothing still need an effect
    (noticed ?who - agent))

  (:action look
    :parameters (?a - agent ?l - location)
    :precondition (atLocation ?a ?l)
    :effect (noticed ?a))

  (:action inventory
    :parameters (?a - agent)
    :precondition (and)
    :effect (noticed ?a))

  (:action viewPlace
    :parameters (?a - agent ?l - location ?r - receptacle)
    :precondition (and (atLocation ?a ?l) (receptacleAtLocation ?r ?l))
    :effect (noticed ?a))

  (:action inspect
    :parameters (?a - agent ?o - object)
    :precondition (holds ?a ?o)
    :effect (noticed ?a))

  (:action go
    :parameters (?a - agent ?from - location ?to - location ?r - receptacle)
    :precondition (and (atLocation ?a ?from) (receptacleAtLocation ?r ?to)
                       (not (= ?from ?to)))
    :effect (and (atLocation ?a ?to) (not (atLocation ?a ?from))))

  (:action openPlace
    :parameters (?a - agent ?l - location ?r - receptacle)
    :precondition (and (atLocation ?a ?l) (receptacleAtLocation ?r ?l)
                       (openable ?r) (not (opened ?r)))
    :effect (opened ?r))

  (:action closePlace
    :parameters (?a - agent ?l - location ?r - receptacle)
    :precondition (and (atLocation ?a ?l) (receptacleAtLocation ?r ?l)
                       (openable ?r) (opened ?r))
    :effect (not (opened ?r)))

  (:action take
    :parameters (?a - agent ?l - location ?o - object ?r - receptacle)
    :precondition (and (atLocation ?a ?l) (receptacleAtLocation ?r ?l)
                       (inReceptacle ?o ?r) (pickupable ?o) (not (holdsAny ?a))
                       (or (opened ?r) (not (openable ?r))))
    :effect (and (holds ?a ?o) (holdsAny ?a) (not (inReceptacle ?o ?r))
                 (not (objectAtLocation ?o ?l))))

  (:action putDown
    :parameters (?a - agent ?l - location ?o - object ?r - receptacle
                 ?ot - otype ?rt - rtype)
    :precondition (and (holds ?a ?o) (atLocation ?a ?l) (receptacleAtLocation ?r ?l)
                       (objectType ?o ?ot) (receptacleType ?r ?rt)
                       (canContain ?rt ?ot)
                       (or (opened ?r) (not (openable ?r))))
    :effect (and (inReceptacle ?o ?r) (objectAtLocation ?o ?l)
                 (not (holds ?a ?o)) (not (holdsAny ?a))))

  (:action clean
    :parameters (?a - agent ?l - location ?o - object ?r - receptacle)
    :precondition (and (holds ?a ?o) (atLocation ?a ?l) (receptacleAtLocation ?r ?l)
                       (cleanable ?o) (receptacleType ?r SinkBasinType))
    :effect (isClean ?o))

  (:action heat
    :parameters (?a - agent ?l - location ?o - object ?r - receptacle)
    :precondition (and (holds ?a ?o) (atLocation ?a ?l) (receptacleAtLocation ?r ?l)
                       (heatable ?o) (receptacleType ?r MicrowaveType))
    :effect (and (isHot ?o) (not (isCool ?o))))

  (:action cool
    :parameters (?a - agent ?l - location ?o - object ?r - receptacle)
    :precondition (and (holds ?a ?o) (atLocation ?a ?l) (receptacleAtLocation ?r ?l)
                       (coolable ?o) (receptacleType ?r FridgeType))
    :effect (and (isCool ?o) (not (isHot ?o))))

  (:action use
    :parameters (?a - agent ?l - location ?o - object ?r - receptacle)
    :precondition (and (atLocation ?a ?l) (receptacleAtLocation ?r ?l)
                       (inReceptacle ?o ?r) (toggleable ?o))
    :effect (isToggled ?o))

  (:action slice
    :parameters (?a - agent ?l - location ?o - object ?knife - object)
    :precondition (and (holds ?a ?knife) (atLocation ?a ?l) (objectAtLocation ?o ?l)
                       (sliceable ?o)
                       (or (objectType ?knife KnifeType)
                           (objectType ?knife ButterKnifeType)))
    :effect (isSliced ?o))

HELP_ACTION)
